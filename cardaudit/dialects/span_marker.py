"""Cards of SpanMarker (1.0 on), whose template is SetFit's."""

from cardaudit.dialects.setfit import read

__all__ = ["read"]
