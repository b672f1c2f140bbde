"""Paper and files from plain data: PDF, Excel, CSV and QR codes. Knows neither requests nor the database.

Import the module you need: only `pdf` loads the typesetter, and a web process that never prints should not.
"""
