"""A plan as a timeline for editing systems: OpenTimelineIO, EDL, Final Cut Pro 7 XML and FCPXML."""
