"""The addresses of the studio's API, one file a group."""
