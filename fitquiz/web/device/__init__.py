"""What a device holds: cookies, the attempts of the cookies, and the kiosk."""
