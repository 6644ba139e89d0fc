"""Acts of the notary exchange as data: bureau, developer, office."""
