"""What pages show, made of the records: attempts, the class, a feedback page, and templates rendered."""
