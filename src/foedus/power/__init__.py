"""Power: who is how strong, how much of it arrives where, how concentrated it is, and how alike states' ties are.

`foedus.power.capability` measures strength in several ways, `projection` takes it over a distance, `concentration` and `poles` say how it is
spread, `years` follows that over two centuries, and `similarity` compares the ties of every two states. Finds no blocs and knows no war.
"""
