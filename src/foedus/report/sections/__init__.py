"""The sections of a brief, one file each: from findings to paragraphs, tables and figures. They compute nothing."""
