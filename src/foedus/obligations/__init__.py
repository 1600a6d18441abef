"""Obligations: who is bound by this attack, who is released, who must stay out, and by which clause."""
