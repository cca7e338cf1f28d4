# SPDX-License-Identifier: Apache-2.0
# For tests: a target in OpenOCD's own Tcl, with 256 bytes of memory from 0x20000000 on, that sends back what it receives.
# No adapter, no core. `fake_begin FOLDER` writes the number of this process to `pid` there; a test says more by files
# there: `reset` begins anew, `fail` makes each access fail, `refuse` each load of a file,
# `halt` halts the core, until it is reset.
adapter driver dummy
transport select jtag
adapter speed 100
jtag newtap fake cpu -irlen 4

set fake_block 0x20000020
array set fake_memory {}
set fake_folder ""

proc fake_word {address} {
  global fake_memory
  return [expr {[info exists fake_memory($address)] ? $fake_memory($address) : 0}]
}
proc fake_byte {address} {
  return [expr {([fake_word [expr {$address & ~3}]] >> (8 * ($address & 3))) & 255}]
}
proc fake_set_byte {address value} {
  global fake_memory
  set place [expr {$address & ~3}]
  set shift [expr {8 * ($address & 3)}]
  set fake_memory($place) [expr {([fake_word $place] & ~(255 << $shift)) | ($value << $shift)}]
}

proc fake_build {} {
  global fake_memory fake_block
  array unset fake_memory
  set at [expr {$fake_block + 0}]
  foreach word {0x47474553 0x52205245 0x5454 0 1 1
      0x100 0x20000080 64 0 0 0
      0x100 0x200000c0 64 0 0 0} {
    set fake_memory($at) [expr {$word}]
    incr at 4
  }
}

# One turn of the device: from the ring down to the ring up.
proc fake_run {} {
  global fake_memory fake_block
  set up [expr {$fake_block + 24}]
  set down [expr {$fake_block + 48}]
  set write [fake_word [expr {$up + 12}]]
  set read [fake_word [expr {$down + 16}]]
  while {$read != [fake_word [expr {$down + 12}]] && ($write + 1) % 64 != [fake_word [expr {$up + 16}]]} {
    fake_set_byte [expr {0x20000080 + $write}] [fake_byte [expr {0x200000c0 + $read}]]
    set write [expr {($write + 1) % 64}]
    set read [expr {($read + 1) % 64}]
  }
  set fake_memory([expr {$up + 12}]) $write
  set fake_memory([expr {$down + 16}]) $read
}

proc fake_access {} {
  global fake_folder
  if {[file exists $fake_folder/fail]} {error "failed to read memory"}
  if {[file exists $fake_folder/reset]} {
    file delete $fake_folder/reset
    fake_build
  }
  if {![file exists $fake_folder/halt]} {fake_run}
}

proc read_memory {address width count} {
  fake_access
  set words {}
  for {set i 0} {$i < $count} {incr i} {
    lappend words [format 0x%x [fake_word [expr {$address + 4 * $i}]]]
  }
  return $words
}
proc write_memory {address width values} {
  global fake_memory
  foreach value $values {
    if {$width == 8} {fake_set_byte $address $value} else {set fake_memory([expr {$address + 0}]) [expr {$value}]}
    incr address [expr {$width / 8}]
  }
}

# As OpenOCD's, of a file of bytes; `refuse` makes each fail.
proc load_image {file address kind} {
  global fake_folder
  if {[file exists $fake_folder/refuse]} {error "error writing to memory"}
  set stream [open $file]
  fconfigure $stream -translation binary
  foreach byte [split [read $stream] ""] {
    fake_set_byte $address [scan $byte %c]
    incr address
  }
  close $stream
}

set fake_examined 1
proc target {args} {return fake}
proc poll {} {}
proc reset {how} {
  global fake_folder
  file delete $fake_folder/halt
  fake_build
}
proc fake {what args} {
  global fake_examined fake_folder
  switch $what {
    was_examined {return $fake_examined}
    curstate {return [expr {[file exists $fake_folder/halt] ? "halted" : "running"}]}
    get_reg {return "r0 0x0 sp 0x20001000 lr 0x00000401 pc 0x00000440"}
  }
}

proc fake_begin {folder} {
  global fake_folder
  set fake_folder $folder
  set file [open $folder/pid w]
  puts $file [pid]
  close $file
}
fake_build
