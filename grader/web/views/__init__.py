"""The data that pages show, made of the records: attempts, the class, feedback pages; and templates rendered."""
