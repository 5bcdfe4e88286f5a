"""Tabs: a folder each, which joins models to a stage; `interface` lays out the page of them."""
