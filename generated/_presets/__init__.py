"""The presets of every backend, whose package `presets` finds its modules here. They are not imported from here."""
