//! The Dutch geography: municipalities, places and postcodes, compiled in.
