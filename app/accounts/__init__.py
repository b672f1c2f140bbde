"""Staff accounts: who may sign in, in which role, for which section or event."""
