"""Who has a place: applications, the seat ledger, the waiting list, and what people are told."""
