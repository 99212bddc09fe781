//! Shapes of FrontMCP that fixtures cannot show one by one.
