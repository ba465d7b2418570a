"""The shop: ranked items for a shopper and, for each item, the few reviews that matter to this shopper."""
