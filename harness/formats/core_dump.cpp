// SPDX-License-Identifier: Apache-2.0
#include "core_dump.hpp"

#include <elf.h>

#include <csignal>
#include <cstring>
#include <span>

namespace tinyhil {

namespace {

constexpr char kNoteOwner[8] = "CORE";
constexpr std::size_t kPrstatusSize = 148;  // of struct elf_prstatus of Linux on Arm, which debuggers go by
constexpr std::size_t kSignalAt = 12, kThreadAt = 24, kRegistersAt = 72;  // in it
constexpr std::size_t kPrstatusPlain = 16;                                // r0 to pc, and then xPSR

class CoreFile {
 public:
  template <class T>
  void put(const T& object) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&object);
    bytes_.insert(bytes_.end(), bytes, bytes + sizeof object);
  }
  void put_bytes(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

Elf32_Ehdr file_header(std::size_t segments) {
  Elf32_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS32;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_CORE;
  header.e_machine = EM_ARM;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_flags = EF_ARM_EABI_VER5;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf32_Phdr);
  header.e_phnum = static_cast<Elf32_Half>(segments);
  return header;
}

Elf32_Phdr segment(Elf32_Word type, std::size_t offset, std::size_t size) {
  Elf32_Phdr header{};
  header.p_type = type;
  header.p_offset = static_cast<Elf32_Off>(offset);
  header.p_filesz = static_cast<Elf32_Word>(size);
  header.p_align = 4;
  return header;
}

void put_u32(std::span<std::uint8_t> into, std::uint32_t value) { std::memcpy(into.data(), &value, 4); }

std::array<std::uint8_t, kPrstatusSize> status_of(const CoreDump& dump) {
  std::array<std::uint8_t, kPrstatusSize> status{};
  const std::span<std::uint8_t> all(status);
  const std::uint32_t signal = dump.is_fault ? SIGSEGV : SIGINT;
  put_u32(all, signal);
  put_u32(all.subspan(kSignalAt), signal);
  put_u32(all.subspan(kThreadAt), 1);
  for (std::size_t i = 0; i <= kPrstatusPlain; ++i)
    put_u32(all.subspan(kRegistersAt + 4 * i), dump.registers[i]);
  return status;
}

}  // namespace

std::vector<std::uint8_t> elf_core(const CoreDump& dump) {
  const std::size_t segments = 1 + dump.memory.size();
  const std::size_t note_size = sizeof(Elf32_Nhdr) + sizeof kNoteOwner + kPrstatusSize;
  std::size_t offset = sizeof(Elf32_Ehdr) + segments * sizeof(Elf32_Phdr);
  CoreFile file;
  file.put(file_header(segments));
  file.put(segment(PT_NOTE, offset, note_size));
  offset += note_size;
  for (const MemoryPiece& piece : dump.memory) {
    Elf32_Phdr load = segment(PT_LOAD, offset, piece.bytes.size());
    load.p_vaddr = load.p_paddr = piece.address;
    load.p_memsz = load.p_filesz;
    load.p_flags = PF_R | PF_W;
    file.put(load);
    offset += piece.bytes.size();
  }
  file.put(Elf32_Nhdr{5, kPrstatusSize, NT_PRSTATUS});
  file.put(kNoteOwner);
  file.put(status_of(dump));
  for (const MemoryPiece& piece : dump.memory) file.put_bytes(piece.bytes);
  return file.take();
}

}  // namespace tinyhil
