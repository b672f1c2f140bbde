"""Words, dates and errors that every room shares; nothing here touches a database, a clock or a request."""
