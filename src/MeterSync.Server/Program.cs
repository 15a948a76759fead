Console.WriteLine("metersync");
