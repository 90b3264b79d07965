"""The code that runs in Lambda. It does not import CDKTF or any other folder of this repository."""
