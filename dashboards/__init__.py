"""The dashboard: pages over the published warehouse, read-only, in Chinese and English."""
