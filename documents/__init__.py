"""The contract as a document: templates to PDF/A-3, versions, page images, inspection of uploads."""
