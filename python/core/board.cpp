// SPDX-License-Identifier: Apache-2.0
// A board of a bench, held open: tinyhil.Board is made of it.
#include <pybind11/functional.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <mutex>

#include "arrays.hpp"
#include "bench/board_access.hpp"
#include "bench/board_hold.hpp"
#include "bindings.hpp"
#include "campaign/board_session.hpp"
#include "campaign/open_device.hpp"
#include "drive.hpp"
#include "errors.hpp"
#include "formats/firmware_image.hpp"
#include "rows.hpp"

namespace tinyhil::python {

namespace {

// One caller at a time: another thread waits without the GIL.
class OpenBoard {
 public:
  OpenBoard(Bench bench, const std::string& name)
      : bench_(std::move(bench)), session_(bench_.board(name), [this, name] {
          return open_here(io_.get_executor(), bench_.board(name));
        }) {}

  py::dict open() {
    const auto turn = take_turn();
    drive(io_, opened());
    return describe();
  }

  void close() {
    const auto turn = take_turn();
    session_.close();
  }

  LoadedModel load(const ModelFile& model) {
    const auto turn = take_turn();
    return value(drive(io_, session_.load(model)));
  }

  Rows infer(const ModelFile& model, const py::array& inputs, const Tensor& input,
             const InferOptions& options, const std::function<void(std::uint64_t)>& progress) {
    const auto turn = take_turn();
    VectorSet vectors;
    vectors.file = model.file;
    vectors.count = static_cast<std::size_t>(inputs.shape(0));
    vectors.input = input;
    const auto* bytes = static_cast<const std::uint8_t*>(inputs.data());
    vectors.inputs.assign(bytes, bytes + inputs.nbytes());
    std::uint64_t arrived = 0, told = 0;
    const auto look = [&] {
      if (progress && arrived > told) progress(arrived - told);
      told = arrived;
    };
    InferenceRows rows = value(drive(
        io_, session_.infer(model, vectors, options, [&](std::uint64_t more) { arrived += more; }), look));
    look();
    const LoadedModel loaded = value(drive(io_, session_.load(model)));  // known already: nothing is sent
    return {std::move(rows), loaded.output};
  }

 private:
  std::unique_lock<std::mutex> take_turn() {
    py::gil_scoped_release others_may_run;
    return std::unique_lock(mutex_);
  }

  asio::awaitable<bool> opened() {
    co_await session_.open();
    co_return true;
  }

  template <class T>
  T value(Result<T> result) {
    if (!result) raise(result.error(), session_.crash());
    return std::move(*result);
  }

  py::dict describe() const {
    const DeviceIdentity& device = session_.device();
    py::dict text = describe_board(device.board);
    text["loads_models"] = device.loads_models;
    text["model_slots"] = device.models.count;
    text["model_slot_size"] = device.models.size;
    text["vector_slots"] = device.vectors.count;
    text["vector_slot_size"] = device.vectors.size;
    text["arena_size"] = device.arena_size;
    text["crash"] = device.crash ? py::cast(device.crash->describe()) : py::none();
    return text;
  }

  Bench bench_;
  asio::io_context io_{1};
  BoardSession session_;
  std::mutex mutex_;
};

InferOptions options_of(int repeats, double timeout_s, bool overlap) {
  InferOptions options;
  options.repeats = repeats;
  options.inference_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000));
  options.mode = overlap ? RunMode::throughput : RunMode::measure;
  return options;
}

ModelFile model_file(const std::string& name, const std::filesystem::path& file, const py::bytes& content) {
  const std::string_view bytes = content;
  ModelFile model;
  model.name = name;
  model.file = file;
  model.content.assign(bytes.begin(), bytes.end());
  model.digest = sha256(model.content);
  if (!is_firmware(model.content)) return model;
  model.is_image = true;
  model.image = load_firmware_image(file);
  model.digest = model.image->digest;
  return model;
}

Tensor without_quantisation(const Tensor& tensor) {
  Tensor plain = tensor;
  plain.scale = 0;  // the caller has quantised by the model's own
  plain.zero_point = 0;
  return plain;
}

// None when it is taken; else who holds it.
py::object take(const std::string& key) {
  std::string holder;
  std::optional<BoardHold> hold = BoardHold::try_take(key, holder);
  if (!hold) return py::cast(holder);
  return py::cast(new BoardHold(std::move(*hold)), py::return_value_policy::take_ownership);
}

}  // namespace

py::dict describe_board(const BoardIdentity& board) {
  py::dict text;
  text["name"] = board.name;
  text["kind"] = board.kind;
  text["serial"] = board.serial;
  text["engine"] = board.engine;
  text["build"] = board.build;
  text["provenance"] = to_string(board.provenance);
  text["image_sha256"] = board.image.hex();
  text["clock"] = board.clock;
  text["clock_hz"] = board.clock_hz;
  text["timer_hz"] = board.timer_hz;
  text["flash_size"] = board.flash_size;
  text["ram_size"] = board.ram_size;
  return text;
}

void bind_board(py::module_& module) {
  py::class_<Board>(module, "BoardEntry")
      .def_readonly("name", &Board::name)
      .def_readonly("driver", &Board::driver)
      .def_readonly("image", &Board::image)
      .def_property_readonly("provenance", [](const Board& board) { return to_string(board.provenance); });
  py::class_<Bench>(module, "Bench")
      .def(py::init(&load_bench), py::arg("file"))
      .def_static("parse", &parse_bench, py::arg("yaml"), py::arg("file"))
      .def_readonly("file", &Bench::file)
      .def_readonly("name", &Bench::name)
      .def_readonly("boards", &Bench::boards)
      .def("key", [](const Bench& bench,
                     const std::string& name) { return board_key(bench.file, bench.board(name)); })
      .def("starts_its_own", [](const Bench& bench, const std::string& name) {
        return !board_access(bench.board(name))->lock_key();
      });
  py::class_<BoardHold>(module, "BoardHold").def("release", [](BoardHold& hold) {
    const BoardHold dropped(std::move(hold));
  });
  module.def("take", &take, py::arg("key"));
  module.def("door_key", &door_key, py::arg("key"));

  py::class_<ModelFile>(module, "ModelFile")
      .def(py::init(&model_file), py::arg("name"), py::arg("file"), py::arg("content"))
      .def_readonly("name", &ModelFile::name)
      .def_readonly("file", &ModelFile::file)
      .def_property_readonly("sha256", [](const ModelFile& model) { return model.digest.hex(); });
  py::class_<LoadedModel>(module, "LoadedModel")
      .def_readonly("arena_used", &LoadedModel::arena_used)
      .def_readonly("input", &LoadedModel::input)
      .def_readonly("output", &LoadedModel::output)
      .def_property_readonly("sha256", [](const LoadedModel& loaded) { return loaded.digest.hex(); });

  py::class_<OpenBoard>(module, "OpenBoard")
      .def(py::init<Bench, const std::string&>(), py::arg("bench"), py::arg("name"))
      .def("open", &OpenBoard::open)
      .def("close", &OpenBoard::close)
      .def("load", &OpenBoard::load, py::arg("model"))
      .def(
          "infer",
          [](OpenBoard& board, const ModelFile& model, const LoadedModel& loaded, const py::array& inputs,
             int repeats, double timeout_s, bool overlap,
             const std::function<void(std::uint64_t)>& progress) {
            return board.infer(model, inputs, without_quantisation(loaded.input),
                               options_of(repeats, timeout_s, overlap), progress);
          },
          py::arg("model"), py::arg("loaded"), py::arg("inputs"), py::arg("repeats"), py::arg("timeout_s"),
          py::arg("overlap"), py::arg("progress"));
}

}  // namespace tinyhil::python
