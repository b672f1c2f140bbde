"""Messages to people: an outbox written with the business transaction, sent by the worker after the commit."""
