"""Worksheets: forms that each section fills in once a year, hands in and gets back until they are accepted."""
