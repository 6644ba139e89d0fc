"""The contract as a document: templates to PDF/A-3, versions, page images, inspection of uploads.

``contract``    terms of a sale, their JSON and its schema, the contract's PDF
``typesetting`` any template of the house to PDF/A-3a with its data inside
``fonts``       the two faces, and which characters they show
``amounts``     money in figures and in capitals
``boxes``       where signature fields go
``uploads``     files taken in from outside
``pages``       images of pages
"""
