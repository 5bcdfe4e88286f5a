"""Server side of the app: the page, its files, the request gate, and the fair scheduler."""
