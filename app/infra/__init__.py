"""What the rooms stand on: the database, the clock, the queue, files, secrets and logs."""
