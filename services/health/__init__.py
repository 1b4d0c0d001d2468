"""What runs, what lags, what is misconfigured, and what to do: the checks behind `huiyin doctor`."""
