"""Security: is each actor safer with its allies than alone, which ally adds most, and what it costs."""
