"""The yearly survey of all sections (協働環境調査): who answered what, which projects count, how the years compare."""
