"""The catalogue of cloud services that the US government authorized: the FedRAMP Marketplace's own JSON file.

The file is read and judged (`reading`), its providers and agencies become organizations as OCDS parties do
(`imports.contracts.parties`), its products services, and each agency's authorizations a subscription (`loading`).
"""
