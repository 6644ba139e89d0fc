"""The contract itself: its terms, their JSON, and the document made of them."""
