"""E-learning (Eラーニング): courses of units that all staff read, a check of a few questions, who has completed."""
