"""The guide for owners and editors, as a page of the product: what `docs/guide` says, in the reader's language."""
