"""The cookies of a device, the attempts that the device holds, and the kiosk."""
