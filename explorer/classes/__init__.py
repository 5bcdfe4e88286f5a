"""Rooms in which a class predicts together: rules, store, routes and the page of a phone."""
