"""What a System or a result is in another program's form: networkx, GraphML, GEXF, Pajek, tables, NetCDF, Gambit. Computes nothing of its own."""

from foedus.report.interchange.export import export
from foedus.report.interchange.network import over_time, to_networkx, to_rustworkx

__all__ = ["export", "over_time", "to_networkx", "to_rustworkx"]
