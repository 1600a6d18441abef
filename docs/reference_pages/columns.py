"""x."""
def pages(): return {"columns/index.md": "# Tables and their columns\n"}
