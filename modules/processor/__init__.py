"""The function, its role, its bundle and its event source mapping."""
