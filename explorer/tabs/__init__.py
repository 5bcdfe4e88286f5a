"""Tabs: one folder each, which connects models to a stage; `interface` assembles them into the page."""
