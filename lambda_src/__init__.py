"""What runs in Lambda; knows nothing of CDKTF."""
