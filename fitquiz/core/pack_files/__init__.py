"""Functions that read the TOML files of a pack, check the files and list every fault."""
