"""The scripts that build the data of the rules from published packages; each says how it is run."""
