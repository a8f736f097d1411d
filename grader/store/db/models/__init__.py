"""The tables, one module per concern. Migrations create them; a test requires that both agree.

students -< submissions -< gradings -< results (of checks) and question_results (their sums).
"""
