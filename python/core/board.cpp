// SPDX-License-Identifier: Apache-2.0
// A board of a bench, held open: tinyhil.Board is made of it.
#include <pybind11/functional.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cmath>
#include <memory>
#include <mutex>

#include "arrays.hpp"
#include "base/error.hpp"
#include "bindings.hpp"
#include "campaign/board_meter.hpp"
#include "campaign/board_session.hpp"
#include "campaign/open_device.hpp"
#include "drive.hpp"
#include "errors.hpp"
#include "formats/firmware_image.hpp"
#include "model/inference_rows.hpp"
#include "model/numbered_arrays.hpp"
#include "rows.hpp"

namespace tinyhil::python {

namespace {

VectorSet vector_alone(const VectorSet& vectors, std::size_t index) {
  VectorSet one;
  one.file = vectors.file;
  one.count = 1;
  one.input = vectors.input;
  const std::span<const std::uint8_t> bytes = vectors.vector(index);
  one.inputs.assign(bytes.begin(), bytes.end());
  return one;
}

// One caller at a time: another thread waits without the GIL.
class OpenBoard {
 public:
  OpenBoard(const Bench& bench, const std::string& name) : board_(bench.board(name)) {
    begin_session();
    if (!board_.meter) return;
    meter_.emplace(io_.get_executor(), board_);
    board_.activity = meter_->activity();
  }

  // Again after close(): the board may have another image by then, and its file another content.
  py::dict open() {
    const auto turn = take_turn();
    if (!session_->is_open()) begin_session();
    drive(io_, opened());
    return describe();
  }

  void close() {
    const auto turn = take_turn();
    session_->close();
  }

  LoadedModel load(const ModelFile& model) {
    const auto turn = take_turn();
    return value(drive(io_, session_->load(model)));
  }

  Rows infer(const ModelFile& model, const VectorSet& vectors, const campaign::InferOptions& options,
             const std::function<void(std::uint64_t)>& progress) {
    const auto turn = take_turn();
    std::uint64_t arrived = 0, told = 0;
    const auto look = [&] {
      if (progress && arrived > told) progress(arrived - told);
      told = arrived;
    };
    InferenceRows rows = value(drive(
        io_, session_->infer(model, vectors, options, [&](std::uint64_t more) { arrived += more; }), look));
    look();
    const LoadedModel loaded = value(drive(io_, session_->load(model)));  // known already: nothing is sent
    return {std::move(rows), loaded.output};
  }

  // A recording of each vector.
  std::vector<Recording> measure(const ModelFile& model, const VectorSet& vectors,
                                 const campaign::MeasureOptions& options,
                                 const std::function<void(std::uint64_t)>& progress) {
    const auto turn = take_turn();
    std::vector<Recording> recordings;
    for (std::size_t i = 0; i < vectors.count; ++i) {
      const VectorSet one = vector_alone(vectors, i);
      const campaign::MeasuredVector vector{one, VectorNumber{static_cast<std::uint32_t>(i)}};
      recordings.push_back(value(drive(io_, meter().measure(*session_, model, vector, options))));
      if (progress) progress(1);
    }
    return recordings;
  }

  Recording rest(WindowKind kind, double seconds, const campaign::MeasureOptions& options) {
    const auto turn = take_turn();
    WindowRequest window;
    window.kind = kind;
    window.length = std::chrono::milliseconds(std::llround(seconds * 1000));
    return value(drive(io_, meter().rest(*session_, window, options)));
  }

 private:
  std::unique_lock<std::mutex> take_turn() {
    py::gil_scoped_release others_may_run;
    return std::unique_lock(mutex_);
  }

  void begin_session() {
    session_ = std::make_unique<campaign::BoardSession>(
        board_, [this] { return campaign::open_here(io_.get_executor(), board_); });
  }

  // The meter comes first: it may supply the board, and goes on to when the board's line is opened again.
  asio::awaitable<bool> opened() {
    if (meter_ && !is_prepared_) co_await meter_->prepare();
    is_prepared_ = true;
    co_await session_->open();
    co_return true;
  }

  template <class T>
  T value(Result<T> result) {
    if (!result) raise(result.error(), session_->crash(), session_->core());
    return std::move(*result);
  }

  py::dict describe() const {
    const DeviceIdentity& device = session_->device();
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

  campaign::BoardMeter& meter() {
    if (meter_) return *meter_;
    throw Error(ErrorKind::usage, "the board has no current meter", "board " + board_.name,
                "write a `meter` beside its `link` in the bench");
  }

  Board board_;  // that of the bench, which may tell a simulated meter what it does
  asio::io_context io_{1};
  std::unique_ptr<campaign::BoardSession> session_;  // never null
  std::optional<campaign::BoardMeter> meter_;
  bool is_prepared_ = false;
  std::mutex mutex_;
};

campaign::InferOptions options_of(int repeats, double timeout_s, bool overlap) {
  campaign::InferOptions options;
  options.repeats = repeats;
  options.inference_timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000));
  options.mode = overlap ? RunMode::throughput : RunMode::measure;
  return options;
}

campaign::MeasureOptions measure_options(double window_s, double idle_s,
                                         const std::filesystem::path& traces) {
  campaign::MeasureOptions options;
  options.window = std::chrono::milliseconds(std::llround(window_s * 1000));
  options.idle = std::chrono::milliseconds(std::llround(idle_s * 1000));
  options.traces = traces;
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

TensorList without_quantisation(const TensorList& list) {
  std::vector<Tensor> plain = tensors_of(list);
  for (Tensor& tensor : plain) {
    tensor.scale = 0;  // the caller has quantised by the model's own
    tensor.zero_point = 0;
  }
  return TensorList(std::move(plain));
}

// `inputs`: an array [n, ...] for each input of the model, in C order and of its type.
VectorSet vectors_of(const ModelFile& model, const LoadedModel& loaded,
                     const std::vector<py::array>& inputs) {
  VectorSet vectors;
  vectors.file = model.file;
  vectors.count = static_cast<std::size_t>(inputs.front().shape(0));
  vectors.input = without_quantisation(loaded.input);
  std::vector<std::vector<std::uint8_t>> arrays;
  for (const py::array& each : inputs) {
    const auto* bytes = static_cast<const std::uint8_t*>(each.data());
    arrays.emplace_back(bytes, bytes + each.nbytes());
  }
  vectors.inputs = arrays.size() == 1 ? std::move(arrays.front()) : row_by_row(arrays, vectors.count);
  return vectors;
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

namespace {

void bind_models(py::module_& module) {
  py::class_<ModelFile>(module, "ModelFile")
      .def(py::init(&model_file), py::arg("name"), py::arg("file"), py::arg("content"))
      .def_readonly("name", &ModelFile::name)
      .def_readonly("file", &ModelFile::file)
      .def_property_readonly("sha256", [](const ModelFile& model) { return model.digest.hex(); })
      .def_property_readonly("content", [](const ModelFile& model) {
        return py::bytes(reinterpret_cast<const char*>(model.content.data()), model.content.size());
      });
  py::class_<LoadedModel>(module, "LoadedModel")
      .def_readonly("arena_used", &LoadedModel::arena_used)
      .def_property_readonly("inputs", [](const LoadedModel& loaded) { return tensors_of(loaded.input); })
      .def_property_readonly("outputs", [](const LoadedModel& loaded) { return tensors_of(loaded.output); })
      .def_property_readonly("sha256", [](const LoadedModel& loaded) { return loaded.digest.hex(); });
}

}  // namespace

void bind_board(py::module_& module) {
  bind_models(module);
  py::class_<OpenBoard>(module, "OpenBoard")
      .def(py::init<const Bench&, const std::string&>(), py::arg("bench"), py::arg("name"))
      .def("open", &OpenBoard::open)
      .def("close", &OpenBoard::close)
      .def("load", &OpenBoard::load, py::arg("model"))
      .def(
          "infer",
          [](OpenBoard& board, const ModelFile& model, const LoadedModel& loaded,
             const std::vector<py::array>& inputs, int repeats, double timeout_s, bool overlap,
             const std::function<void(std::uint64_t)>& progress) {
            return board.infer(model, vectors_of(model, loaded, inputs),
                               options_of(repeats, timeout_s, overlap), progress);
          },
          py::arg("model"), py::arg("loaded"), py::arg("inputs"), py::arg("repeats"), py::arg("timeout_s"),
          py::arg("overlap"), py::arg("progress"))
      .def(
          "measure",
          [](OpenBoard& board, const ModelFile& model, const LoadedModel& loaded,
             const std::vector<py::array>& inputs, double window_s, double idle_s,
             const std::filesystem::path& traces, const std::function<void(std::uint64_t)>& progress) {
            return board.measure(model, vectors_of(model, loaded, inputs),
                                 measure_options(window_s, idle_s, traces), progress);
          },
          py::arg("model"), py::arg("loaded"), py::arg("inputs"), py::arg("window_s"), py::arg("idle_s"),
          py::arg("traces"), py::arg("progress"))
      .def(
          "rest",
          [](OpenBoard& board, bool sleeps, double seconds, const std::filesystem::path& traces) {
            return board.rest(sleeps ? WindowKind::sleep : WindowKind::idle, seconds,
                              measure_options(0, 0, traces));
          },
          py::arg("sleeps"), py::arg("seconds"), py::arg("traces"));
}

}  // namespace tinyhil::python
