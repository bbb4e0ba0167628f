"""The pages, each a script that Streamlit runs; what they share stands one level up."""
