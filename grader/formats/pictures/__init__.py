"""Pictures from students: PNG and JPEG, taken apart by strict parsers and written anew without anything else."""
