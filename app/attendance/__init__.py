"""Who came: marks on the sheet of a sitting, walk-ins, plain head-counts, and the lists that are printed."""
