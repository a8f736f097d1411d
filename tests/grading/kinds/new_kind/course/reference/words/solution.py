# %% question="sizes"
sizes = ["ant", "cat", "cow", "elk"]  # blank: from small to large
