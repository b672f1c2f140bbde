"""Series, events, sittings, programme, venues: what takes place, when and where."""
