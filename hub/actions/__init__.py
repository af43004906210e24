"""The use cases: load, ask the rules, save. One verb, one function; the folders say who acts."""
