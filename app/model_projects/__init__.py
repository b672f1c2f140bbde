"""Model projects (課題解決モデル事業): residents, groups and staff at one table, about a theme they chose."""
