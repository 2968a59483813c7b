"""What pages need to send e-mail: the mail server, the address of this server, notices to staff."""
